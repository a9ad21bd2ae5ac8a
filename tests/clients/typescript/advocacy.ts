/** A new advocate with a customer behind her; an order by Ana's code pays Ana, who redeems a reward. */

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./generated/advocacy.js";
import { address, success } from "./support.js";

const KEY = "sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK";
const ana = "adv_demo0000000000000001";
const client = createClient<paths>({ baseUrl: address("advocacy"), headers: { Authorization: `Bearer ${KEY}` } });

async function points(id: string): Promise<number> {
  return success(await client.GET("/api/v1/advocates/{id}", { params: { path: { id } } })).advocate.points;
}

const wanted = { email: "kim.of.typescript@example.org", name: "Kim", metadata: null };
const kim = success(await client.POST("/api/v1/advocates", { body: wanted })).advocate;
assert.deepEqual(kim.metadata, {});
const mapping = { advocateId: kim.id, externalCustomerId: "customer-of-typescript" };
const mapped = success(await client.POST("/api/v1/sso/mappings", { body: mapping })).mapping;
const listed = success(await client.GET("/api/v1/sso/mappings")).mappings;
assert.deepEqual(
  listed.find((one) => one.id === mapped.id),
  mapped,
);

const before = await points(ana);
const order = {
  params: { header: { "Idempotency-Key": "of-typescript-1" } },
  body: { code: "ANAST2NE", orderId: "order-of-typescript", orderValue: 49.9 },
};
const first = success(await client.POST("/api/v1/referrals/convert", order));
assert.deepEqual(success(await client.POST("/api/v1/referrals/convert", order)), first);
const paid = await points(ana);
assert.ok(paid > before);
success(
  await client.POST("/api/v1/rewards/{id}/redeem", {
    params: { path: { id: "rwd_demo0000000000000001" } },
    body: { advocateId: ana },
  }),
);
assert.ok((await points(ana)) < paid);

const refused = await client.POST("/api/v1/advocates", { body: wanted });
assert.equal(refused.error?.error.code, "CONFLICT");

/** A friend signs up with Ana's code and buys: the referral pays Ana, who spends some of it. */

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./generated/saasquatch.js";
import { address, success } from "./support.js";

const KEY = "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK";
const tenant_alias = "demo";
const friend = { tenant_alias, accountId: "zoe-of-typescript", userId: "zoe-of-typescript" };
const client = createClient<paths>({
  baseUrl: address("saasquatch"),
  headers: { Authorization: `Basic ${btoa(`:${KEY}`)}` },
});

async function credit() {
  const answer = await client.GET("/api/v1/{tenant_alias}/reward/balance", {
    params: { path: { tenant_alias }, query: { accountId: "acme" } },
  });
  const balance = success(answer).find((one) => one.unit === "CENTS");
  assert.ok(balance?.totalAssignedCredit !== undefined && balance.totalRedeemedCredit !== undefined);
  return { assigned: balance.totalAssignedCredit, redeemed: balance.totalRedeemedCredit };
}

const before = await credit();
const zoe = success(
  await client.PUT("/api/v1/{tenant_alias}/open/account/{accountId}/user/{userId}", {
    params: { path: friend },
    body: { id: friend.userId, accountId: friend.accountId, firstName: "Zoe", lastName: null, referredByCodes: ["ANASTONE"] },
  }),
);
assert.deepEqual(zoe.referredByCodes, ["ANASTONE"]);

const { userId, accountId } = friend;
const tracked = success(
  await client.POST("/api/v1/{tenant_alias}/open/account/{accountId}/user/{userId}/events", {
    params: { path: friend },
    body: { userId, accountId, events: [{ key: "purchase", fields: { total: 49.9, currency: "EUR" } }] },
  }),
);
assert.equal(tracked.events[0]?.key, "purchase");

const paid = await credit();
assert.ok(paid.assigned > before.assigned);
const taken = success(
  await client.POST("/api/v1/{tenant_alias}/credit/bulkredeem", {
    params: { path: { tenant_alias } },
    body: { accountId: "acme", unit: "CENTS", amount: 500 },
  }),
);
assert.equal(taken.creditRedeemed, 500);
assert.equal((await credit()).redeemed, paid.redeemed + 500);

const unknown = await client.GET("/api/v1/{tenant_alias}/open/account/{accountId}/user/{userId}", {
  params: { path: { tenant_alias, accountId: "nobody", userId: "nobody" } },
});
assert.deepEqual([unknown.error?.statusCode, unknown.error?.apiErrorCode], [404, "ACCOUNT_NOT_FOUND"]);

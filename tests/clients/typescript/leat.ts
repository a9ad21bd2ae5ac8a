/** A client of its own asks for a token; somebody joins with Ana's code, buys, and has credits. */

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./generated/leat.js";
import { address, success } from "./support.js";

const baseUrl = address("leat");
const token = success(
  await createClient<paths>({ baseUrl }).POST("/oauth/token", {
    body: { grant_type: "client_credentials", client_id: 1001, client_secret: "demo_client_secret_leat_troth_mock" },
  }),
);
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token.access_token}` } });

const program = success(await client.GET("/api/v3/oauth/clients/referrals/settings")).data;
assert.ok(program);
assert.ok(program.completion_event.type === "loyalty_transaction");
assert.ok(program.completion_event.data.number_of_transactions > 1);

const kim = success(
  await client.POST("/api/v3/oauth/clients/contacts", {
    body: { email: "kim.of.typescript@example.org", referral_code: "ANAST7NE" },
  }),
).data.uuid;
const query = { status: "pending" } as const;
const pending = success(await client.GET("/api/v3/oauth/clients/referrals", { params: { query } })).data;
assert.ok(pending.some((referral) => referral.referred_contact.uuid === kim));

const shop = success(await client.GET("/api/v3/oauth/clients/shops")).data[0];
assert.ok(shop);
const received = success(
  await client.POST("/api/v3/oauth/clients/credit-receptions", {
    body: { contact_uuid: kim, shop_uuid: shop.uuid, unit_value: 12.5 },
  }),
).data;
const path = { contact_uuid: kim };
const contact = success(await client.GET("/api/v3/oauth/clients/contacts/{contact_uuid}", { params: { path } })).data;
assert.equal(contact.credit_balance.balance, received.credits);
assert.equal(contact.tier, null);

const unknown = await client.GET("/api/v3/oauth/clients/contacts/{contact_uuid}", {
  params: { path: { contact_uuid: "00000000-0000-0000-0000-000000000000" } },
});
assert.ok(unknown.error && "code" in unknown.error);
assert.equal(unknown.error.code, 55031);

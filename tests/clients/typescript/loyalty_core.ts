/** Ana is found, gets points, buys, has a coupon for points; a rule is turned from nodes into text. */

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/loyalty_core.js";
import { address, success } from "./support.js";

const TOKEN = "lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK";
const organizationId = 1;
const ledgerId = 1;
const client = createClient<paths>({
  baseUrl: address("loyalty-core"),
  headers: { Authorization: `Bearer ${TOKEN}` },
});

async function balance(walletId: number): Promise<number> {
  const answer = await client.GET("/api/v1/organizations/{organizationId}/ledgers/{ledgerId}/wallets/{walletId}/balances", {
    params: { path: { organizationId, ledgerId, walletId } },
  });
  const points = success(answer).wallets.find((one) => one.ledgerAccountId === 1);
  assert.ok(points);
  return points.balance;
}

const found = success(
  await client.GET("/api/v1/organizations/{organizationId}/search/members", {
    params: { path: { organizationId }, query: { query: "ana stone" } },
  }),
);
const ana = found.results[0];
assert.ok(ana);
const { memberId, loyaltyMemberId, walletId } = ana;
const before = await balance(walletId);
for (const _ of ["once", "again"]) {
  success(
    await client.POST("/api/v1/organizations/{organizationId}/loyalty-members/{loyaltyMemberId}/mint", {
      params: { path: { organizationId, loyaltyMemberId } },
      body: { amount: 500, systemUniqueKey: "till-of-typescript", tags: null },
    }),
  );
}
assert.equal(await balance(walletId), before + 500);

const bought = success(
  await client.POST("/api/v1/organizations/{organizationId}/members/{memberId}/purchase-orders", {
    params: { path: { organizationId, memberId } },
    body: {
      externalId: "order-of-typescript",
      type: "sale",
      status: "confirmed",
      total: 9.6,
      items: [{ sku: "harbour-beans", price: 9.6 }],
    },
  }),
);
assert.ok(bought.evaluationResults);
assert.ok((await balance(walletId)) > before + 500);

const assigned = success(
  await client.POST("/api/v1/organizations/{organizationId}/coupon-books/{couponBookId}/assign", {
    params: { path: { organizationId, couponBookId: 1 } },
    body: { memberId, systemUniqueKeys: ["cup-of-typescript"] },
  }),
);
assert.equal(assigned.couponUsages[0]?.systemUniqueKey, "cup-of-typescript");

const node: components["schemas"]["ExpressionNodeInput"] = {
  type: "binary",
  operator: ">=",
  left: { type: "path", steps: ["order", "total"], operand: null },
  right: { type: "literal", value: 5 },
};
const expressions = success(
  await client.POST("/api/v1/organizations/{organizationId}/rules/expressions/from-ast", {
    params: { path: { organizationId } },
    body: { inputs: [{ node }] },
  }),
);
assert.equal(expressions.nodes[0]?.expression, "order.total >= 5");

const refused = await client.POST("/api/v1/organizations/{organizationId}/ledgers/{ledgerId}/wallets/{walletId}/burn", {
  params: { path: { organizationId, ledgerId, walletId } },
  body: { amount: 18_446_744_073_709 },
});
assert.deepEqual([refused.error?.statusCode, refused.error?.code], [400, "NOT_ENOUGH_POINTS"]);

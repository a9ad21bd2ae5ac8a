/** What the stories share. */

import assert from "node:assert/strict";

/** Where an API of the mock answers; its address is the story's argument. */
export function address(api: string): string {
  return `${process.argv[2]}/${api}`;
}

/** The body of a success, of what openapi-fetch answers. */
export function success<Data>(answer: { data?: Data; error?: unknown; response: Response }): NonNullable<Data> {
  assert.ok(answer.data, `${answer.response.url} answered ${answer.response.status}: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

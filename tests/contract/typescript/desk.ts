// A desk at the node in TRM_URL: reads the lists, drafts a referral, is refused by a rule, withdraws the draft.
// TRM_TOKEN is the token of an agency that has a case. The last line is `<passed> <failed>`.

import { actOn, advice, connect, Refused, referrals, taken, type Problem, type Schemas, type Trm } from "./client.js";

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** The problem that a request is refused with. */
async function refusal(request: Promise<unknown>): Promise<Problem> {
  try {
    await request;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
  throw new Error("it is not refused");
}

async function draft(trm: Trm): Promise<{ value: Schemas["Referral"]; tag: string }> {
  const { value: cases } = taken(await trm.GET("/v1/cases", { params: { query: { status: "open", limit: 1 } } }));
  const { value: agencies } = taken(await trm.GET("/v1/agencies", { params: { query: { agencyType: "shelter" } } }));
  const [first] = cases.data;
  const [asked] = agencies.data;
  if (first === undefined || asked === undefined) throw new Error("there is no case or no shelter");
  return taken(
    await trm.POST("/v1/referrals", {
      params: { header: { "Idempotency-Key": crypto.randomUUID() } },
      body: {
        caseId: first.id,
        toAgencyId: asked.id,
        urgency: "priority",
        reasons: ["shelter"],
        services: ["safe_accommodation"],
        summary: "An invented child needs a safe place.",
      },
    }),
  );
}

async function send(trm: Trm, id: string, tag: string) {
  const body = {
    package: {
      disclosures: [{ dataClass: "d1_identity", lawfulBases: ["gdpr_6_1_e_public_task"] }],
      childInformed: true,
    },
  } satisfies Schemas["SendReferral"];
  return taken(await trm.POST("/v1/referrals/{id}/send", { params: { path: { id }, header: actOn(tag) }, body }));
}

async function cancel(trm: Trm, id: string, tag: string) {
  const body = { reason: "Another place was found." };
  return taken(await trm.POST("/v1/referrals/{id}/cancel", { params: { path: { id }, header: actOn(tag) }, body }));
}

async function* checks(trm: Trm): AsyncGenerator<[string, boolean]> {
  const { value: me } = taken(await trm.GET("/v1/me"));
  yield ["the token names its scopes", me.scopes.includes("referrals.write")];

  const made = [await draft(trm), await draft(trm)] as const;
  const [{ value: referral, tag }] = made;
  const listed = new Set<string>();
  for await (const each of referrals(trm, { box: "outbox", caseId: referral.caseId, limit: 1 })) listed.add(each.id);
  yield ["pages of one list every draft", made.every(({ value }) => listed.has(value.id))];

  const refused = await refusal(send(trm, referral.id, tag));
  yield ["a rule refuses to send without the child's view", refused.code === "rule-refused"];
  yield ["the advice names the rule", advice(refused).startsWith("R24 ")];

  const done = await cancel(trm, referral.id, tag);
  yield ["the draft is withdrawn", done.value.status === "cancelled" && done.tag !== tag];
  const stale = await refusal(cancel(trm, referral.id, tag));
  yield ["the old ETag is refused", stale.code === "stale-version"];
}

let passed = 0;
let failed = 0;
for await (const [what, holds] of checks(connect(setting("TRM_URL"), setting("TRM_TOKEN")))) {
  if (holds) passed += 1;
  else {
    failed += 1;
    console.log(`not so: ${what}`);
  }
}
console.log(passed, failed);

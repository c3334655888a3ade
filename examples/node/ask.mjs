// Asks a service of oikeus who may do what: one question, then several by one version.
// Needs Node 18 or newer, and nothing else:
//
//   OIKEUS_SERVER=https://oikeus.example OIKEUS_TOKEN=oik_… \
//     node ask.mjs person:17 read hoks ORGANISATION ORGANISATION…
//
// A certificate that the system does not trust: NODE_EXTRA_CA_CERTS=ca.pem

const [who, action, type, ...organisations] = process.argv.slice(2);
const server = process.env.OIKEUS_SERVER ?? "http://127.0.0.1:8080";
const token = process.env.OIKEUS_TOKEN;
if (organisations.length === 0) {
  console.error("usage: node ask.mjs person:ID ACTION RESOURCE ORGANISATION…");
  process.exit(2);
}
const kind = who.split(":", 1)[0];
const subject = { type: kind, id: who.slice(kind.length + 1) };
const resource = (id) => ({ type, id, properties: { organisation: id } });

async function ask(path, question) {
  const answer = await fetch(`${server.replace(/\/+$/, "")}/access/v1/${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ subject, action: { name: action }, ...question }),
    redirect: "error", // somebody else would see the token
    signal: AbortSignal.timeout(10_000),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${answer.status}: ${said.detail}`);
  return said;
}

// only `true` is an allow: whatever else comes is a deny, or an error that ends this
function show(organisation, { decision, context }) {
  const why = context.error?.message ?? context.reason;
  console.log(`${organisation} ${decision === true ? "allow" : "deny"}: ${why}`);
}

const first = organisations[0];
show(first, await ask("evaluation", { resource: resource(first) }));

const evaluations = organisations.map((each) => ({ resource: resource(each) }));
const said = await ask("evaluations", { evaluations });
organisations.forEach((each, number) => show(each, said.evaluations[number]));

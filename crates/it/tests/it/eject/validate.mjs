// Holds documents against schemas: ours by ajv, which also refuses a schema that is not strict, and SARIF by the validator of those
// who look after the format, with its own copy of the official schema and what GitHub asks for besides.
//
// Told: `DOCUMENTS`, JSON of [{ schema, document }], paths; `SARIF`, a path; `RESULTS`, where the validator writes.
// Says: JSON of { documents: [errors], sarif: [errors] }.
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv/dist/2020.js";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

const documents = JSON.parse(process.env.DOCUMENTS).map(({ schema, document }) => {
  const validate = new Ajv({ strict: true, allErrors: true }).compile(read(schema));
  validate(read(document));
  return validate.errors ?? [];
});

const multitool = createRequire(import.meta.url)("@microsoft/sarif-multitool");
// The package does not say that it can be run; whoever unpacks it as another user has to.
chmodSync(multitool, 0o755);
const options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
const output = ["--output", process.env.RESULTS, "--log", "ForceOverwrite"];
execFileSync(multitool, ["validate", process.env.SARIF, ...options, ...output], {
  // It has no need of the tables of languages, which not every machine has.
  env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" },
  stdio: "ignore",
});
const rules = (run) => run.results.map(({ ruleId, message }) => ({ ruleId, message }));
const sarif = read(process.env.RESULTS).runs.flatMap(rules);

console.log(JSON.stringify({ documents, sarif }));

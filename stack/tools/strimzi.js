// Reads a JSON list of Strimzi objects from standard input and prints what is wrong with each, one line per finding.

import { readFileSync } from 'node:fs';

const schemas = new URL('./node_modules/@kubernetes-models/strimzi-kafka-operator/_schemas/', import.meta.url);

for (const object of JSON.parse(readFileSync(0, 'utf8'))) {
  const [group, version] = object.apiVersion.split('/');
  const name = [...group.split('.'), version, object.kind].map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  const { validate } = await import(new URL(`${name}.js`, schemas));
  if (!validate(object)) {
    for (const error of validate.errors) {
      console.log(`${object.kind} ${object.metadata.name} ${error.instancePath}: ${error.keyword} ${JSON.stringify(error.params)}`);
    }
  }
}

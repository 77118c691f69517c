/** Writes src/api/generated/<service>.ts from contracts/http/<service>.openapi.yaml, for every service. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const contracts = new URL('../../contracts/http/', import.meta.url);
const generated = new URL('../src/api/generated/', import.meta.url);
const suffix = '.openapi.yaml';

await mkdir(generated, { recursive: true });
for (const file of await readdir(contracts)) {
  if (!file.endsWith(suffix)) continue;
  const types = astToString(await openapiTS(new URL(file, contracts), { defaultNonNullable: false }));
  await writeFile(new URL(`${file.slice(0, -suffix.length)}.ts`, generated), types);
}

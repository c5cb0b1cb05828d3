// Types of the API out of its published document. The key of a command is left out: lib/api.ts gives every command its own.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const document = JSON.parse(await readFile(new URL('../contracts/published/openapi.json', import.meta.url), 'utf8'));
for (const methods of Object.values(document.paths))
  for (const operation of Object.values(methods))
    if (operation.parameters) operation.parameters = operation.parameters.filter((each) => each.name !== 'Idempotency-Key');

const types = await openapiTS(document, { alphabetize: true, defaultNonNullable: false });
await writeFile(new URL('./src/lib/api-types.d.ts', import.meta.url), astToString(types));

// Writes texts that come in as JSON as one, and what is read out of it again, by the very code of the pages.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const web = new URL('../../web/', import.meta.url);
const typescript = createRequire(web)('typescript');
const source = readFileSync(new URL('src/lib/several.ts', web), 'utf8');
const { outputText } = typescript.transpileModule(source, { compilerOptions: { target: 'ES2022', module: 'ES2022' } });
const { joined, parted } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const one = joined(JSON.parse(readFileSync(0, 'utf8')));
process.stdout.write(JSON.stringify([one, parted(one)]));

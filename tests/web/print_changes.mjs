// Writes what differs between two texts that come in as JSON, by the very code of the pages.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const web = new URL('../../web/', import.meta.url);
const typescript = createRequire(web)('typescript');
const source = readFileSync(new URL('src/lib/lines.ts', web), 'utf8');
const { outputText } = typescript.transpileModule(source, { compilerOptions: { target: 'ES2022', module: 'ES2022' } });
const { changedLines } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const { was, now } = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(changedLines(was, now)));

// Writes a calendar of the entries that come in as JSON, by the very code of the pages.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const web = new URL('../../web/', import.meta.url);
const typescript = createRequire(web)('typescript');
const source = readFileSync(new URL('src/lib/ics.ts', web), 'utf8');
const { outputText } = typescript.transpileModule(source, { compilerOptions: { target: 'ES2022', module: 'ES2022' } });
const { calendarFile } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const { name, entries, at } = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(calendarFile(name, entries, new Date(at)));

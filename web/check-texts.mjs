// Every text in every language can be read by what shows it: a brace too few would break the page that says it.
import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';

const folder = new URL('./src/texts/', import.meta.url);
let wrong = 0;

function* leaves(tree, path = '') {
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') yield [path + name, value];
    else yield* leaves(value, `${path}${name}.`);
  }
}

for (const file of readdirSync(folder)) {
  const language = file.replace('.json', '');
  for (const [key, text] of leaves(JSON.parse(readFileSync(new URL(file, folder), 'utf-8')))) {
    try {
      new IntlMessageFormat(text, language);
    } catch (error) {
      wrong += 1;
      console.error(`${language} ${key}: ${error.message}`);
    }
  }
}
process.exit(wrong ? 1 : 0);

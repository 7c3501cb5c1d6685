#!/usr/bin/env bash
# nanomorph 5.4.3 in Chromium (@sparticuz/chromium 153.0.0, playwright-core 1.65.1), nothing set.
#
# Where a comment stands in the page and text in the new tree, or the other way round, nanomorph takes the two for the same node and
# writes the one's data into the other: the text stays an unseen comment, and the comment's words are shown to the reader.
# An element in the place of either is replaced, as it should be.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund nanomorph@5.4.3 esbuild@0.28.2 @sparticuz/chromium@153.0.0 playwright-core@1.65.1 > npm.log 2>&1

echo "import morph from 'nanomorph'; globalThis.morph = morph;" > entry.js
npx esbuild entry.js --bundle --format=iife --outfile=bundle.js > npm.log 2>&1
cat > comments.js <<'JS'
import { readFileSync } from 'node:fs';

import chromium from '@sparticuz/chromium';
import { chromium as driver } from 'playwright-core';

const args = chromium.args.filter((arg) => !['--single-process', '--no-zygote'].includes(arg));
const browser = await driver.launch({ executablePath: await chromium.executablePath(), args });
const page = await browser.newPage();
await page.addScriptTag({ content: readFileSync('bundle.js', 'utf8') });
const cases = ['<!--nothing yet-->|3 results', '3 results|<!--nothing yet-->', '<!--nothing yet-->|<b>3</b>'];
for (const each of cases) {
  const shown = await page.evaluate(
    ([before, after]) => {
      const [box, wanted] = [before, after].map((html) => {
        const element = document.createElement('p');
        element.innerHTML = html;
        return element;
      });
      return morph(box, wanted).innerHTML;
    },
    each.split('|'),
  );
  console.log(`${each} => ${shown}`);
}
await browser.close();
JS

seen=$(node comments.js)
echo "$seen"
[ "$seen" = '<!--nothing yet-->|3 results => <!--3 results-->
3 results|<!--nothing yet--> => nothing yet
<!--nothing yet-->|<b>3</b> => <b>3</b>' ] || { echo 'it has changed'; exit 1; }

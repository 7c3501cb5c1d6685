#!/usr/bin/env bash
# idiomorph 0.8.0 in Chromium (@sparticuz/chromium 153.0.0, playwright-core 1.65.1), nothing set.
#
# A date field in which month and day are typed and the year is not yet has no value, and `validity.badInput` says that something is
# there. Any morph of the form around it, though neither HTML says a word about the field, wipes what was typed: idiomorph sets the
# field's value to that of the new element, "" over "", which in Chromium empties the parts. morphdom 2.7.8, which asks first whether
# the two values differ, leaves it. A page that polls so cannot be given a date by a slow hand.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund idiomorph@0.8.0 morphdom@2.7.8 esbuild@0.28.2 @sparticuz/chromium@153.0.0 playwright-core@1.65.1 > npm.log 2>&1

cat > entry.js <<'JS'
import { Idiomorph } from 'idiomorph';
import morphdom from 'morphdom';

globalThis.patch = { idiomorph: (form, html) => Idiomorph.morph(form, html), morphdom };
JS
npx esbuild entry.js --bundle --format=iife --outfile=bundle.js > npm.log 2>&1
cat > date.js <<'JS'
import { readFileSync } from 'node:fs';

import chromium from '@sparticuz/chromium';
import { chromium as driver } from 'playwright-core';

const args = chromium.args.filter((arg) => !['--single-process', '--no-zygote'].includes(arg));
const browser = await driver.launch({ executablePath: await chromium.executablePath(), args });
for (const library of ['idiomorph', 'morphdom']) {
  const page = await browser.newPage();
  await page.setContent('<form><input type="date" name="day"><output>1</output></form>');
  await page.addScriptTag({ content: readFileSync('bundle.js', 'utf8') });
  await page.focus('input');
  await page.keyboard.type('0512');
  const typed = () => page.evaluate(() => document.querySelector('input').validity.badInput);
  const before = await typed();
  await page.evaluate((name) => {
    patch[name](document.querySelector('form'), '<form><input type="date" name="day"><output>2</output></form>');
  }, library);
  console.log(library, before ? 'typed' : 'empty', (await typed()) ? 'typed' : 'empty');
}
await browser.close();
JS

seen=$(node date.js)
echo "$seen"
[ "$seen" = $'idiomorph typed empty\nmorphdom typed typed' ] || { echo 'it has changed'; exit 1; }

#!/usr/bin/env bash
# morphlex 1.4.0, micromorph 0.4.5, nanomorph 5.4.3, set-dom 7.5.2 and idiomorph 0.7.4 in Chromium (@sparticuz/chromium 153.0.0,
# playwright-core 1.65.1), nothing set.
#
# What is inside a `<template>` is no child of it but stands in its `content`. The first four compare children only: a patch that changes what a
# template holds changes nothing and says nothing, and a script that clones the template goes on making the old rows. idiomorph, and
# `innerHTML`, write the new content.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund morphlex@1.4.0 micromorph@0.4.5 nanomorph@5.4.3 set-dom@7.5.2 idiomorph@0.7.4 esbuild@0.28.2 \
  @sparticuz/chromium@153.0.0 playwright-core@1.65.1 > npm.log 2>&1

cat > entry.js <<'JS'
import { Idiomorph } from 'idiomorph';
import micromorph from 'micromorph';
import { morph as morphlex } from 'morphlex';
import nanomorph from 'nanomorph';
import setDOM from 'set-dom';

globalThis.peers = { morphlex, micromorph, nanomorph, 'set-dom': setDOM.default ?? setDOM, idiomorph: Idiomorph.morph };
JS
npx esbuild entry.js --bundle --format=iife --outfile=bundle.js > npm.log 2>&1
cat > rows.js <<'JS'
import { readFileSync } from 'node:fs';

import chromium from '@sparticuz/chromium';
import { chromium as driver } from 'playwright-core';

const args = chromium.args.filter((arg) => !['--single-process', '--no-zygote'].includes(arg));
const browser = await driver.launch({ executablePath: await chromium.executablePath(), args });
const page = await browser.newPage();
await page.addScriptTag({ content: readFileSync('bundle.js', 'utf8') });
const seen = await page.evaluate(async () => {
  const lines = [];
  for (const [name, morph] of Object.entries(peers)) {
    const [box, wanted] = ['old', 'new'].map((row) => {
      const element = document.createElement('div');
      element.innerHTML = `<p>${row}</p><template><p>${row}</p></template>`;
      return element;
    });
    await morph(box, wanted);
    lines.push(`${name}: ${box.innerHTML}`);
  }
  return lines.join('\n');
});
console.log(seen);
await browser.close();
JS

seen=$(node rows.js)
echo "$seen"
[ "$seen" = 'morphlex: <p>new</p><template><p>old</p></template>
micromorph: <p>new</p><template><p>old</p></template>
nanomorph: <p>new</p><template><p>old</p></template>
set-dom: <p>new</p><template><p>old</p></template>
idiomorph: <p>new</p><template><p>new</p></template>' ] || { echo 'it has changed'; exit 1; }

import { SampleApp } from './sample-app.js';

// The guide shows whole spec files, so they register their own tests here.
const sample = new SampleApp('docs/guides/testing.md');
for (const file of sample.files.keys()) {
  if (file.endsWith('.spec.ts')) await sample.import(file);
}

afterAll(() => sample.remove());

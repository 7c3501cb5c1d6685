import { SampleApp } from './sample-app.js';

// The guide shows its forms and a whole spec file, so it registers its own tests here.
const sample = new SampleApp('docs/guides/forms.md');
for (const file of sample.files.keys()) {
  if (file.endsWith('.spec.ts')) await sample.import(file);
}

afterAll(() => sample.remove());

import { SampleApp } from './sample-app.js';

// The guide shows whole spec files, so they register their own tests here.
const sample = new SampleApp('docs/guides/testing.md');
await sample.import('score.component.spec.ts');
await sample.import('score.http.spec.ts');

afterAll(() => sample.remove());

import { describeLeftForms } from './left-forms.js';

describeLeftForms('memory', () => Promise.resolve([]));

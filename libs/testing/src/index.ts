export { LiveTest, type LiveTestOptions } from './live-test.js';
export { MountedComponent, type ShownFrame, type Workbench } from './mounted-component.js';

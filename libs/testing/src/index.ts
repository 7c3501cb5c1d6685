export { LiveTest, type LiveTestOptions } from './live-test.js';
export { MountedComponent, type Workbench } from './mounted-component.js';

import { readComponent } from './readme-component.js';

const COMPONENT = `@LiveComponent('counter', { template: '<output>{{count}}</output>' })
export class Counter {
  @State() count = 0;

  @OnEvent()
  @RateLimit('5/sec')
  increment() {}
}
`;

describe('the component of the README', () => {
  it('is the first block with @LiveComponent', () => {
    const markdown = `# x\n\n\`\`\`ts\nconst other = 1;\n\`\`\`\n\n\`\`\`ts\n${COMPONENT}\`\`\`\n`;
    expect(readComponent(markdown)).toMatchObject({
      className: 'Counter',
      classFile: 'readme.component.ts',
      component: 'counter',
      event: 'increment',
      files: new Map([['readme.component.ts', COMPONENT]]),
    });
  });

  it('takes the named blocks along', () => {
    const module =
      '// src/app.module.ts\n@Module({ imports: [ComponentsModule.forRoot()] })\nexport class AppModule {}\n';
    const template = '{{!-- counter.hbs --}}\n<output>{{count}}</output>\n';
    const markdown = `\`\`\`ts\n${COMPONENT}\`\`\`\n\`\`\`ts\n${module}\`\`\`\n\`\`\`hbs\n${template}\`\`\`\n\`\`\`ts\nlet unnamed;\n\`\`\`\n`;
    const { files, module: found } = readComponent(markdown);
    expect([...files.keys()]).toEqual(['readme.component.ts', 'app.module.ts', 'counter.hbs']);
    expect(found).toEqual({ file: 'app.module.ts', className: 'AppModule' });
  });

  it('prefers the written event name', () => {
    expect(readComponent(`\`\`\`ts\n${COMPONENT.replace('@OnEvent()', "@OnEvent('add')")}\`\`\`\n`).event).toBe('add');
  });

  it('must be there', () => {
    expect(() => readComponent('# Nothing here')).toThrow('no ts block with @LiveComponent');
  });
});

import { LiveComponent, OnEvent, State, Upload, Uploads } from 'nest-live';

/** Takes text files and keeps how long they are. */
@LiveComponent('attic', { template: '<p>{{kept}} bytes, {{files.length}} files</p>' })
export class Attic {
  @Upload({ types: ['text/plain'], maxBytes: 256 * 1_024, count: 4 }) files: Upload[] = [];
  @State() kept = 0;

  constructor(private readonly uploads: Uploads) {}

  @OnEvent()
  async keep(): Promise<void> {
    for (const file of this.files) {
      this.kept += await this.uploads.consume(file, async (stream) => {
        let bytes = 0;
        for await (const chunk of stream as AsyncIterable<Uint8Array>) bytes += chunk.length;
        return bytes;
      });
    }
    this.files = [];
  }
}

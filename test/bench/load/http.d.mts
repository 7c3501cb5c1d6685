export declare class RawHttp {
  static open(port: number): Promise<RawHttp>;
  readonly bytes: { readonly up: number; readonly down: number };
  page(path: string): Promise<{ readonly status: number; readonly head: string; readonly body: string }>;
  close(): void;
}

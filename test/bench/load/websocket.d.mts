export declare class RawWebSocket {
  static open(port: number, path: string): Promise<RawWebSocket>;
  readonly sent: number;
  readonly received: number;
  onText: (text: string) => void;
  send(text: string): void;
  close(): void;
}

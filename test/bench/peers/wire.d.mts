export declare class Wire {
  static before(port: number): Promise<Wire>;
  readonly up: number;
  readonly down: number;
  readonly url: string;
  cut(): Promise<void>;
}

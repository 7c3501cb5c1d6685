/** The same, while it is put together by the only one who has it. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

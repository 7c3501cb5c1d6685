/** A piece of source text; the kind is the class it is shown with. */
export interface SourceToken {
  readonly kind: 'comment' | 'string' | 'decorator' | 'keyword' | 'mustache' | 'tag' | 'plain';
  readonly text: string;
}

const TYPESCRIPT =
  /(?<comment>\/\*[\s\S]*?\*\/|\/\/.*)|(?<string>'[^'\n]*'|`[^`]*`)|(?<decorator>@[A-Z]\w*)|(?<keyword>\b(?:as|async|await|class|const|constructor|export|extends|false|function|get|if|implements|import|interface|new|private|readonly|return|super|this|true|type|void)\b)/g;
const HANDLEBARS = /(?<comment>\{\{!--[\s\S]*?--\}\})|(?<mustache>\{\{[^}]*\}\})|(?<tag><\/?[a-z][\w-]*|\/?>)/g;

/** Cuts a file into pieces for colouring. Coarse: it only has to please the eye. */
export function sourceTokens(file: string, source: string): SourceToken[] {
  const tokens: SourceToken[] = [];
  let end = 0;
  for (const { 0: text, index, groups } of source.matchAll(file.endsWith('.hbs') ? HANDLEBARS : TYPESCRIPT)) {
    if (index > end) tokens.push({ kind: 'plain', text: source.slice(end, index) });
    const [kind] = Object.entries(groups ?? {}).find(([, matched]) => matched !== undefined) ?? ['plain'];
    tokens.push({ kind: kind as SourceToken['kind'], text });
    end = index + text.length;
  }
  if (end < source.length) tokens.push({ kind: 'plain', text: source.slice(end) });
  return tokens;
}

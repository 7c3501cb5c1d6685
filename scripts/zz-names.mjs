import { readFileSync } from 'node:fs'; import ts from 'typescript'; 
import { readdirSync } from 'node:fs';
const names = new Map();
for (const f of readdirSync('libs/client/src')) { if (/spec|world/.test(f)) continue;
 const s = ts.createSourceFile(f, readFileSync('libs/client/src/'+f,'utf8'), 99, true);
 const add=n=>names.set(n,(names.get(n)??0)+1);
 (function v(n){ if (ts.isPropertyAssignment(n)||ts.isShorthandPropertyAssignment(n)||ts.isMethodDeclaration(n)||ts.isGetAccessor(n)) { if(ts.isIdentifier(n.name)) add(n.name.text);} ts.forEachChild(n,v)})(s);}
console.log([...names].map(([n,c])=>n+':'+c).join(' '));

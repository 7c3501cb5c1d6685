import { build } from 'esbuild'; import { minify } from '@swc/core'; import { gzipSync } from 'node:zlib';
const props = process.argv[2];
const o = await build({bundle:true,target:'es2022',platform:'browser',legalComments:'none',entryPoints:['/work/main/libs/client/src/script.ts'],format:'iife',write:false, ...(props?{mangleProps:new RegExp('^('+props+')$')}:{})});
for (const opt of [{compress:{ecma:2022,unsafe:true,passes:3}},{compress:{ecma:2022,unsafe:true,passes:3,unsafe_arrows:true,hoist_props:true,pure_getters:true,keep_fargs:false,booleans_as_integers:false, unsafe_methods:true, toplevel:true}}]) {
const {code} = await minify(o.outputFiles[0].text,{...opt,mangle:{toplevel:true},ecma:2022, module:true});
console.log(code.length, gzipSync(code,{level:9}).length);}

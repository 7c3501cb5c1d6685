import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const tests = ['**/*.spec.ts', '**/*.contract.ts', '**/*.stories.ts', 'test/**/*.ts'];

const inProduct = [
  {
    selector: "CallExpression[callee.object.name='Object'][callee.property.name='assign']",
    message: 'Object.assign copies __proto__ and setters of untrusted data. Copy the fields you declared.',
  },
  { selector: 'ForInStatement', message: 'for..in walks the prototype chain. Use Object.keys or a Map.' },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Math.random can be guessed. Use node:crypto, or crypto.getRandomValues in the browser.',
  },
  {
    selector: ":matches(NewExpression, CallExpression)[callee.name='RegExp']",
    message: 'A pattern made from data can be made to hang. Write a literal.',
  },
];

const everywhere = [{ selector: 'ExportDefaultDeclaration', message: 'Exports have names.' }];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'docs/api/', 'bench-results/', 'apps/*/public/', 'test/architecture/fixtures/']),
  js.configs.recommended,
  {
    rules: {
      'max-lines': ['error', { max: 300 }],
      'no-else-return': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        setImmediate: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-restricted-syntax': ['error', ...everywhere],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // `keyof EffectMap & string` names each effect and stays a string where nobody has added one.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // A port's method is asynchronous because an adapter may be; the memory adapter awaits nothing.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'libs/**/*.ts'],
    ignores: tests,
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...inProduct] },
  },
  {
    // The client's specs are outside its own project, which has no Node types.
    files: ['libs/client/**/*.spec.ts', 'libs/client/**/*.world.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
  {
    // What a test reads from the wire has no type, and a spy is compared unbound.
    files: tests,
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);

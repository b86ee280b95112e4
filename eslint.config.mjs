import tseslint from 'typescript-eslint';
import { importX } from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';

/** Imports go one way (docs/decisions.md, "Layers of code"): `from` may not be imported by `target`. */
const forbid = (target, from, message) => ({ target, from, message });

export default tseslint.config(
  { ignores: ['node_modules/**', 'dist/**', 'coverage/**', '**/.fleet/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      // An Output in a template literal prints "Calling [toString] on an [Output<T>]": only plain values may stand there.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'max-params': ['error', 3],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...['foundation', 'regional', 'observability', 'organization', 'lambda', 'contracts', 'sandbox'].map((folder) =>
              forbid(`./${folder}`, './fleet', 'programs, contracts and the sandbox never import the manager'),
            ),
            ...['foundation', 'regional', 'observability', 'organization', 'lambda'].map((folder) =>
              forbid('./fleet', `./${folder}`, 'the manager runs releases; it never imports a program'),
            ),
            forbid(
              './contracts',
              ['./foundation', './regional', './observability', './organization', './lambda', './sandbox'],
              'contracts import zod only',
            ),
            forbid(
              './fleet/rollout',
              ['config', 'discovery', 'release', 'engine', 'gates', 'state', 'report', 'commands'].map((folder) => `./fleet/${folder}`),
              'the rollout knows ports only',
            ),
            forbid(
              './fleet/plan',
              ['engine', 'gates', 'state', 'report', 'commands', 'rollout'].map((folder) => `./fleet/${folder}`),
              'planning is pure: config, inventory, release and records in, a plan out',
            ),
            forbid(
              './fleet/config',
              ['discovery', 'release', 'plan', 'rollout', 'engine', 'gates', 'state', 'report', 'commands'].map((f) => `./fleet/${f}`),
              'imports go config -> discovery -> release -> plan -> rollout -> report',
            ),
            forbid(
              './fleet/discovery',
              ['release', 'plan', 'rollout', 'engine', 'gates', 'state', 'report', 'commands'].map((f) => `./fleet/${f}`),
              'imports go config -> discovery -> release -> plan -> rollout -> report',
            ),
            forbid(
              './fleet/release',
              ['discovery', 'plan', 'rollout', 'engine', 'gates', 'state', 'report', 'commands'].map((f) => `./fleet/${f}`),
              'imports go config -> discovery -> release -> plan -> rollout -> report',
            ),
            ...['discovery', 'release', 'plan', 'rollout', 'engine', 'gates', 'state', 'report', 'config'].map((folder) =>
              forbid(`./fleet/${folder}`, './fleet/commands', 'commands parse and wire; nothing imports them'),
            ),
          ],
        },
      ],
    },
  },
  {
    files: ['contracts/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!zod$|\\.)', message: 'contracts import zod only' }] },
      ],
    },
  },
  {
    files: ['fleet/rollout/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'Date', 'process', 'setTimeout', 'setInterval'],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\.|zod$|luxon$)', message: 'the rollout knows ports only' }] },
      ],
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ['test/**/*.ts'],
    // A row of `test.each` arrives as parameters; jest's matchers are typed any.
    rules: { '@typescript-eslint/unbound-method': 'off', 'max-params': 'off', '@typescript-eslint/no-unsafe-argument': 'off' },
  },
);

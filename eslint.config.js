import tseslint from 'typescript-eslint'
import vue from 'eslint-plugin-vue'
import prettier from 'eslint-config-prettier'

// Layer rules (which folder may import which) live in .dependency-cruiser.cjs; this file is about code.
/** Rules that know the types see each file in the program of one tsconfig. */
const typed = (project, ...folders) => ({
  files: folders.map((folder) => `${folder}/**/*.ts`),
  languageOptions: {
    parserOptions: { project: [`${project}/tsconfig.json`], tsconfigRootDir: import.meta.dirname },
  },
})

const NO_BARRELS = {
  selector: 'ExportAllDeclaration',
  message: 'No barrel re-exports: name what you export.',
}
const NO_ENUMS = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' }
// The code of a slash, which by itself would end the pattern of a selector.
const METRIC = '/^(Training|Validation|Final[A-Za-z]+|Robustness|Throughput|Time)\\u002f[a-zA-Z_]*/'
// Names in a home and in a run folder, spelled where a path is made.
const RUN_FILES =
  '/^(run|result|notes|shapes|stop|live|exit)[.]json$|^events[.]jsonl$|^(arrays|best)[.]safetensors$|^worker[.]log$/'
const PATH = 'CallExpression[callee.name=/^(join|resolve)$/]'
const PLACES_IN_TABLE =
  'Places of a home are named in src-main/disk/home-layout.ts, those of a run in src-main/store/files/layout.ts.'
const PLACES = [
  `${PATH}[arguments.0.name='home'] > Literal`,
  `${PATH}[arguments.0.property.name='home'] > Literal`,
  `${PATH} > Literal[value=${RUN_FILES}]`,
].map((selector) => ({ selector, message: PLACES_IN_TABLE }))
const ONE_HASH = 'Digests are taken in src-main/disk/sha256.ts.'
const KEYS_IN_TABLE = 'Metric keys are made in src-shared/contract/metric-keys.ts.'

export default tseslint.config(
  { ignores: ['out/**', 'release/**', 'node_modules/**', 'test/fixtures/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  ...vue.configs['flat/recommended'],
  typed('src-main', 'src-main', 'src-shared'),
  typed('src-renderer', 'src-renderer'),
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    files: ['src-*/**/*.{ts,vue}'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src-*/**/*.ts'],
    rules: {
      // One convention for what lies at an index that is known to exist: `values[i]!`.
      '@typescript-eslint/non-nullable-type-assertion-style': 'error',
      // Methods of our interfaces are closures: they need no `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowArray: true }],
    },
  },
  {
    files: ['src-*/**/*.ts'],
    ignores: ['src-main/disk/sha256.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'node:crypto', importNames: ['createHash'], message: ONE_HASH }] },
      ],
    },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', NO_BARRELS, NO_ENUMS],
      'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'no-undef': 'off',
    },
  },
  {
    files: ['src-*/**/*.{ts,vue}'],
    ignores: [
      'src-shared/contract/metric-keys.ts',
      'src-main/disk/home-layout.ts',
      'src-main/store/files/layout.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        NO_BARRELS,
        NO_ENUMS,
        { selector: `Literal[value=${METRIC}]`, message: KEYS_IN_TABLE },
        { selector: `TemplateElement[value.raw=${METRIC}]`, message: KEYS_IN_TABLE },
        ...PLACES,
      ],
    },
  },
  // Components are type-checked by the compiler; rules that know the types take minutes for them.
  {
    files: ['**/*.{js,mjs,cjs,vue}', '*.ts', '{test,bench,scripts,configs}/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  // Tests hand odd values to what they test; what is forgotten to be awaited, they do not see fail.
  {
    ...typed('test', 'test', 'bench', 'scripts'),
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  prettier,
)

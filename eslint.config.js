import tseslint from 'typescript-eslint'
import vue from 'eslint-plugin-vue'
import prettier from 'eslint-config-prettier'

// Layer rules (which folder may import which) live in .dependency-cruiser.cjs; this file is about code.
export default tseslint.config(
  { ignores: ['out/**', 'release/**', 'node_modules/**', 'test/fixtures/**'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrel re-exports: name what you export.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
      ],
      'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'no-undef': 'off',
    },
  },
  prettier,
)

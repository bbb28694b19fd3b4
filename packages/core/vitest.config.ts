import { transform } from 'esbuild'
import ts from 'typescript6'
import type { Plugin, TestProjectInlineConfiguration } from 'vitest/config'
import { testConfig } from '../../vitest.base.ts'

// The unit tests are compiled with legacy decorators, since vitest's own transform cannot parse standard ones.
// What decorators do is asked again of the other compilers and forms.
export default testConfig({
  projects: [
    decorators(
      'standard, tsc',
      (code, file) => ts.transpileModule(code, { fileName: file, compilerOptions: { ...esnext, experimentalDecorators: false } }).outputText,
    ),
    decorators('standard, esbuild', (code) => esbuild(code, 'standard')),
    decorators('legacy, esbuild', (code) => esbuild(code, 'legacy')),
  ],
})

const esnext = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true, inlineSourceMap: true } as const

type Compile = (code: string, file: string) => string | Promise<string>

function decorators(name: string, compile: Compile): TestProjectInlineConfiguration {
  const plugin: Plugin = {
    name,
    enforce: 'pre',
    async transform(code, file) {
      return file.endsWith('decorators.test.ts') ? { code: await compile(code, file), map: null } : undefined
    },
  }
  return { extends: true, plugins: [plugin], test: { name, include: ['src/handlers/decorators.test.ts'], env: { WAYBILL_DECORATORS: name } } }
}

async function esbuild(code: string, form: 'standard' | 'legacy'): Promise<string> {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: form === 'legacy', verbatimModuleSyntax: true } }
  return (await transform(code, { loader: 'ts', target: 'es2023', sourcemap: 'inline', tsconfigRaw })).code
}

import type { Mistake } from '../checked.ts'

const manifest = (more: object = {}): string =>
  JSON.stringify({
    name: '@waybill/core',
    version: '1.0.0',
    description: 'A package that is in order.',
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    files: ['dist'],
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
    dependencies: { uuid: '1.0.0' },
    ...more,
  })
const core = (file: string): string => `packages/core/${file}`
const mistake = (title: string, file: string, text: string, said: string): Mistake => ({ title, files: { [core(file)]: text }, said })

/** One small package, built, that takes the place of core. */
export const sound = {
  'package.json': { name: 'root', private: true },
  [core('package.json')]: manifest(),
  [core('README.md')]: '# Core\n\n`uuid` makes the ids.\n',
  [core('LICENSE')]: 'MIT\n',
  [core('src/index.ts')]: 'export const one = 1\n',
  [core('dist/index.js')]: 'export const one = 1\n',
  [core('dist/index.d.ts')]: 'export declare const one = 1\n',
}

export const mistakes: readonly Mistake[] = [
  { title: 'a package without a README', files: { [core('README.md')]: undefined }, said: 'is packed without README.md' },
  mistake('a test that is packed', 'dist/index.test.js', '', 'is packed with dist/index.test.js'),
  mistake(
    'an export that leads nowhere',
    'package.json',
    manifest({ exports: { '.': { types: './dist/index.d.ts', default: './dist/gone.js' } } }),
    'does not pass publint',
  ),
  mistake('types that lead nowhere', 'dist/index.d.ts', "export * from './gone.js'\n", 'does not pass attw'),
  mistake('an undeclared dependency', 'src/index.ts', "import 'left-pad'\nexport const one = 1\n", 'left-pad is not among the dependencies'),
  mistake('a fourth dependency', 'package.json', manifest({ dependencies: { uuid: '1', a: '1', b: '1', c: '1' } }), 'core has 4 dependencies'),
  mistake('a dependency without a reason', 'README.md', '# Core\n', 'gives no reason for the dependency uuid'),
  mistake('a core that is too big', 'dist/index.js', `export const one = ${JSON.stringify('x'.repeat(60_000))}\n`, 'and the limit is 60000'),
]

/** How many parameters the constructor of a class takes: that of the nearest class up the chain that has one. */
export function constructorParameters(type: object): number {
  for (let level: unknown = type; typeof level === 'function' && level !== Function.prototype; level = Object.getPrototypeOf(level)) {
    // A class without a constructor passes all arguments on, and its length is 0.
    if (level.length > 0 || ownConstructor.test(Function.prototype.toString.call(level))) return level.length
  }
  return 0
}

const ownConstructor = /\bconstructor\s*\(/

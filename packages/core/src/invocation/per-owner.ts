/** One state for each owner, a started bus or one of its endpoints, made when it is first asked for. */
export function perOwner<Owner extends object, State>(make: (owner: Owner) => State): (owner: Owner) => State {
  const states = new WeakMap<Owner, State>()
  return (owner) => {
    let state = states.get(owner)
    if (state === undefined) {
      state = make(owner)
      states.set(owner, state)
    }
    return state
  }
}

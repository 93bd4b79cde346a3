#!/usr/bin/env bash
# What the browser tests need besides `pip install ".[test,browser]"`: Chromium and its driver (Debian's, where they are
# missing; as root), axe-core at the version of package-lock.json (Node.js's npm), and a font with Chinese characters.
# The font is unpacked beside the tests, where only their Chromium finds it: the tests of viz.rendering
# ask which fonts this machine has, and installed for all it would change their answer.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
command -v chromium > /dev/null || missing+=(chromium)
command -v chromedriver > /dev/null || missing+=(chromium-driver)
command -v npm > /dev/null || missing+=(nodejs npm)
if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get > /dev/null || { echo "install ${missing[*]}: there is no apt-get here"; exit 1; }
    [ "$(id -u)" = 0 ] || { echo "run this as root, or: sudo apt-get install ${missing[*]}"; exit 1; }
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
fi

npm ci --no-audit --no-fund

if ! ls fonts/*.ttc > /dev/null 2>&1; then     # the screenshots in Chinese show boxes without it; no test depends on it
    unpacked=$(mktemp -d)
    trap 'rm -rf "$unpacked"' EXIT
    if (cd "$unpacked" && apt-get download -q fonts-wqy-microhei && dpkg -x ./*.deb .); then
        mkdir -p fonts && cp "$unpacked"/usr/share/fonts/truetype/wqy/*.ttc fonts/
    else
        echo "no font with Chinese characters could be had: screenshots show boxes for them" >&2
    fi
fi

#!/usr/bin/env bash
# Puts the jars that the container needs into FOLDER/lib, out of a finished build. No compiler gets into the image.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=${1:?usage: stage.sh FOLDER}
mkdir -p "$out/lib"
cp "$home"/inference-server/target/inference-server-*.jar "$out/lib/"
tr ':' '\n' <"$home/inference-server/target/classpath.txt" | while read -r entry; do
  if [ -d "$entry" ]; then
    # A module of the same build is a folder of classes: its jar lies beside it.
    cp "$(dirname "$entry")"/*-SNAPSHOT.jar "$out/lib/"
  else
    cp "$entry" "$out/lib/"
  fi
done
echo "$(find "$out/lib" -name '*.jar' | wc -l) jars in $out/lib"

#!/usr/bin/env bash
# On a build machine of GitHub: puts the certificate for signing into a keychain of its own, and names it and the key of
# the notary to the steps that follow. Without a certificate it does nothing: the signature is ad hoc then.
set -eu
if [ -z "${CERTIFICATE:-}" ]; then
    echo "no certificate: the signature is ad hoc"
    exit 0
fi
keychain="$RUNNER_TEMP/build.keychain-db"
lock="$(uuidgen)"
(umask 077; printf %s "$CERTIFICATE" | base64 --decode > "$RUNNER_TEMP/certificate.p12")
security create-keychain -p "$lock" "$keychain"
security set-keychain-settings -lut 7200 "$keychain"
security unlock-keychain -p "$lock" "$keychain"
security import "$RUNNER_TEMP/certificate.p12" -k "$keychain" -P "$PASSWORD" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple:,codesign: -s -k "$lock" "$keychain" > /dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
rm "$RUNNER_TEMP/certificate.p12"
echo "MACOS_IDENTITY=$IDENTITY" >> "$GITHUB_ENV"
if [ -n "${NOTARY_KEY:-}" ]; then
    (umask 077; printf %s "$NOTARY_KEY" > "$RUNNER_TEMP/notary.p8")
    {
        echo "MACOS_NOTARY_KEY=$RUNNER_TEMP/notary.p8"
        echo "MACOS_NOTARY_KEY_ID=$NOTARY_KEY_ID"
        echo "MACOS_NOTARY_ISSUER=$NOTARY_ISSUER"
    } >> "$GITHUB_ENV"
fi

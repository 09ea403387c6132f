package io.radnet.server.security;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of TLS, all PEM.
 *
 * @param certificate chain of the server, its own first
 * @param key private key, PKCS#8
 * @param clientAuthorities of client certificates; where present every client must show one
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientAuthorities) {}

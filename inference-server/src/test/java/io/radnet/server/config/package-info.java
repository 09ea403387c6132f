/** Tests of the settings; start with {@link io.radnet.server.config.SettingsTest}. */
@NullMarked
package io.radnet.server.config;

import org.jspecify.annotations.NullMarked;

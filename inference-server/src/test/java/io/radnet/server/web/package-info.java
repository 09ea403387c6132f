/** Tests of the page; start with {@link io.radnet.server.web.PageTest}. */
@NullMarked
package io.radnet.server.web;

import org.jspecify.annotations.NullMarked;

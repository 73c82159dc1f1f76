/*! In the making. */

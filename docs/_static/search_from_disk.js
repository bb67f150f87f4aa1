// A browser does not let a page that was opened from disk read other pages: leave out the excerpts of found pages.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

-- What is found where nothing narrows the search is taken from indexes: pages by name (by date there is one), counts by type and
-- collection, and some documents, picked evenly, of which facets are counted.
create index search_items_sort_name on search_items (type, sort_name, id);
create index search_items_found on search_items (type, collection_id) where released and not superseded;
create index search_items_hidden on search_items (type, collection_id) where superseded or not released;
create index search_items_picked on search_items (hashint8(id));

DROP TABLE transnational_voids;
